package wire

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// The page for authors has to have what a plugin in another language must know.
func TestDocumentation(t *testing.T) {
	page, err := os.ReadFile("../../../docs/plugins.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{CookieKey, CookieValue, fmt.Sprintf("messages of %d MB", MaxMessage>>20), fmt.Sprintf("`1|%d|unix|", Version)} {
		if !strings.Contains(string(page), want) {
			t.Errorf("docs/plugins.md does not have %q", want)
		}
	}
}
