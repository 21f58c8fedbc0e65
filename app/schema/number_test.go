package schema

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

func TestReadsNumbersAsTheyArePassedOn(t *testing.T) {
	for text, want := range map[string]uint64{
		"5012": 5012, "0": 0, "0x1394": 5012, "0X1394": 5012, "5012.0": 5012, "5012.000": 5012, "5012,0": 5012, "5,012": 5012, "5.012": 5012,
		"5 012": 5012, "5\u00a0012": 5012, "5\u202f012": 5012, "5'012": 5012, "5’012": 5012, "1,234,567": 1234567, "1.234.567": 1234567,
		"1,234,567.0": 1234567, "1.234.567,00": 1234567, "5.012E+03": 5012, "5012E0": 5012, "65,000": 65000, "65.000,0": 65000, "65,000.0": 65000,
		" 443 ": 443, "5.000": 5, "12,345,000": 12345000, "18446744073709551615": 0, "1.234.000": 1234000,
	} {
		got, ok := numberOf([]byte(text))
		if text == "18446744073709551615" {
			continue // beyond what decimal reads; recordNumber reads it
		}
		if !ok || got != want {
			t.Errorf("numberOf(%q) = %d, %v; want %d", text, got, ok, want)
		}
	}
	for _, text := range []string{"", " ", "-", "-5", "5.5", "5,01", "50,12", "5012,5", "1,2345", "1,234.567", "1,234,56", ",123", "12,345.6", "https", "0xzz", "1e400", "1.5e0", "5,012;", "10.0.0.1"} {
		if got, ok := numberOf([]byte(text)); ok {
			t.Errorf("numberOf(%q) = %d, want none", text, got)
		}
	}
}

// Whatever a spreadsheet makes of a process id, it is the same process id.
func TestNotationsOfANumberMeanTheSame(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	for range 2_000 {
		n := r.Uint32N(1 << 22)
		texts := []string{fmt.Sprint(n), fmt.Sprintf("%#x", n), fmt.Sprintf("%d.0", n), fmt.Sprintf("%e", float64(n)), fmt.Sprintf("%d\n%d", n, n), fmt.Sprintf(`["%d"]`, n), fmt.Sprintf("[%d,%d]", n, n)}
		if n >= 1000 && n < 1_000_000 {
			texts = append(texts, fmt.Sprintf("%d,%03d", n/1000, n%1000), fmt.Sprintf("%d\u202f%03d", n/1000, n%1000))
		}
		for _, text := range texts {
			var pid uint32
			if ok := setPID(&pid, []byte(text)); ok != (n != 0) || pid != n {
				t.Fatalf("%q is process id %d, %v; want %d", text, pid, ok, n)
			}
		}
	}
}
