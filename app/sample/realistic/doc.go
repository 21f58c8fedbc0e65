// Package realistic generates the telemetry of a fleet as a hunt meets it: common tasks
// whose command lines differ from user to user and run to run, a long tail of rare
// benign ones, churn from day to day, and planted channels among them that differ from
// the rest by nothing but what attackers do. A score is developed on it.
//
// It shares the model of processes and the writing of events with package sample, and
// nothing of what that one's fleet does. Everything follows from the configuration;
// each device and each kind of task has dice of its own, so that one of them more never
// shifts what the others do.
package realistic
