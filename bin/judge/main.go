// Command judge holds findings against the key of a realistic sample:
//
//	judge -key fleet/planted.csv -trees trees.csv [-findings findings.csv]
//	      [-order 'score desc'] [-group root_process] [-above 12.5]
//
// The tables are what a hunt writes with output=trees and output=findings as CSV.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/schtaskhunt/schtaskhunt/app/sample/judge"
)

func main() {
	key := flag.String("key", "", "planted.csv of the sample")
	trees := flag.String("trees", "", "rows of output=trees")
	findings := flag.String("findings", "", "rows of output=findings; without them the trees are grouped")
	order := flag.String("order", "", "columns to rank by, as in 'root_devices asc, _time desc'; as the rows come, if empty")
	group := flag.String("group", "", "columns of trees that make a finding; finding_id, if empty")
	above := flag.Float64("above", 0, "also count what scores at least so many bits")
	flag.Parse()
	if err := run(*key, *trees, *findings, *order, *group, *above); err != nil {
		fmt.Fprintln(os.Stderr, "judge:", err)
		os.Exit(1)
	}
}

func run(key, trees, findings, order, group string, above float64) (err error) {
	var c judge.Case
	if c.Order, err = judge.ParseOrder(order); err != nil {
		return err
	}
	if group != "" {
		c.GroupBy = strings.Split(group, ",")
	}
	if c.Key, err = reading(key, judge.ReadKey); err == nil {
		c.Trees, err = reading(trees, judge.ReadRows)
	}
	if findings != "" && err == nil {
		c.Findings, err = reading(findings, judge.ReadRows)
	}
	if err != nil {
		return err
	}
	r := judge.Judge(c)
	if _, err := r.WriteTo(os.Stdout); err != nil || above == 0 {
		return err
	}
	channels, benign := r.Above(above)
	fmt.Printf("at least %v bits: %d channels, %d benign\n", above, channels, benign)
	return nil
}

// reading opens a file for what reads it.
func reading[T any](name string, read func(io.Reader) (T, error)) (what T, err error) {
	f, err := os.Open(name)
	if err != nil {
		return what, err
	}
	defer f.Close()
	if what, err = read(f); err != nil {
		err = fmt.Errorf("%s: %w", name, err)
	}
	return what, err
}
