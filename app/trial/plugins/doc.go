// Package plugins is tests of mappers and enrichers: what they know is told, and what does not behave,
// lies, or is no list costs nothing but itself.
package plugins
