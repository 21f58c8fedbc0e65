package cloud

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

func TestSecretsArePrintedByNobody(t *testing.T) {
	secret := NewSecret(testToken)
	inside := struct {
		a Secret
		B Secret
		t Token
		l *Login
	}{secret, secret, Token{Secret: secret}, &Login{Password: secret}}
	var out bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		fmt.Fprintf(&out, verb+verb+verb, secret, inside, &inside)
	}
	slog.New(slog.NewJSONHandler(&out, nil)).Info("x", "secret", secret, "inside", inside)
	slog.New(slog.NewTextHandler(&out, nil)).Info("x", "secret", secret)
	marshalled, _ := json.Marshal(map[string]any{"s": secret, "i": inside})
	out.Write(marshalled)
	if strings.Contains(out.String(), testToken) || strings.Contains(out.String(), fmt.Sprintf("%x", testToken)) {
		t.Errorf("a secret is in %s", out.String())
	}
	if secret.Reveal() != testToken || !(Secret{}).IsZero() || (Secret{}).Reveal() != "" {
		t.Error("the secret is lost")
	}
}

// However a server repeats a secret, it does not get out.
func TestRedact(t *testing.T) {
	secret := `p"a\ss wörd/+&`
	quoted, _ := json.Marshal(secret)
	for _, text := range []string{secret, string(quoted), "x=p%22a%5Css+w%C3%B6rd%2F%2B%26", "x=p%22a%5Css%20w%C3%B6rd%2F+&", `p&#34;a\ss wörd/+&amp;`} {
		if got := Redact("before "+text+" after", Secret{}, NewSecret(secret)); !strings.Contains(got, hidden) || strings.Contains(got, "rd") {
			t.Errorf("%q becomes %q", text, got)
		}
	}
}

// A server may write a secret as it likes, in a text of its own.
func TestRedactEverySpelling(t *testing.T) {
	for _, secret := range []string{testToken, "11111111-2222-aBcD-4444-555555555555", "pass word/+&=ü", `q"uo\te<d>`, strings.Repeat("aZ9-_x.", 200)} {
		percent := func(format string) (out string) {
			for _, b := range []byte(secret) {
				out += fmt.Sprintf(format, b)
			}
			return out
		}
		escaped := ""
		for _, r := range secret {
			escaped += fmt.Sprintf(`\u%04X`, r)
		}
		quoted, _ := json.Marshal(secret)
		for name, text := range map[string]string{
			"plain": secret, "upper": strings.ToUpper(secret), "lower": strings.ToLower(secret), "percent": percent("%%%02x"), "PERCENT": percent("%%%02X"), "twice": percent("%%25%02X"),
			"query": url.QueryEscape(secret), "path": url.PathEscape(secret), "html": html.EscapeString(secret), "JSON": string(quoted), "escapes": escaped, "hex": hex.EncodeToString([]byte(secret)),
			"base64": base64.StdEncoding.EncodeToString([]byte(secret)), "base64 url": base64.RawURLEncoding.EncodeToString([]byte(secret)),
			"basic": base64.StdEncoding.EncodeToString([]byte("hunter:" + secret)), "basic, 1": base64.StdEncoding.EncodeToString([]byte("ab:" + secret + "!")), "basic, 2": base64.StdEncoding.EncodeToString([]byte("a:" + secret)),
			"a part": string([]rune(secret)[:9]), "half": string([]rune(secret)[:len([]rune(secret))/2+2]), "part of base64": base64.StdEncoding.EncodeToString([]byte(secret))[:16],
		} {
			got := Redact("said «"+text+"» again", Secret{}, NewSecret(secret))
			most := 7
			if strings.HasPrefix(name, "basic") {
				most = 14 // the user's name, and the letters that hold parts of both
			}
			if left := strings.NewReplacer("said «", "", "» again", "", hidden, "").Replace(got); len(left) > most {
				t.Errorf("%s of %.20q: %q is left of %.80q", name, secret, left, text)
			}
			if !strings.HasPrefix(got, "said «") || !strings.HasSuffix(got, "» again") {
				t.Errorf("%s of %.20q: more than the secret is hidden: %q", name, secret, got)
			}
		}
	}
	for _, harmless := range []string{"the eyJraWQ of a token", "passport", "1111-2222", "index=main | stats count by dest", ""} {
		if got := Redact(harmless, NewSecret(testToken), NewSecret("password1234"), NewSecret("11111111-2222-aBcD-4444-555555555555")); got != harmless {
			t.Errorf("%q becomes %q", harmless, got)
		}
	}
}

func TestSecretFiles(t *testing.T) {
	folder := t.TempDir()
	write := func(name, text string, mode os.FileMode) string {
		name = filepath.Join(folder, name)
		if err := os.WriteFile(name, []byte(text), mode); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(name, mode); err != nil {
			t.Fatal(err)
		}
		return name
	}
	secret, err := ReadSecretFile(write("good", testToken+"\n", 0o600))
	if err != nil || secret.Reveal() != testToken {
		t.Errorf("%q, %v", secret.Reveal(), err)
	}
	if _, err := ReadSecretFile(write("readonly", testToken, 0o400)); err != nil {
		t.Error(err)
	}
	for name, c := range map[string]struct{ file, want string }{
		"gone":   {filepath.Join(folder, "none"), "cannot be read"},
		"folder": {folder, "not a regular file"},
		"empty":  {write("empty", " \n", 0o600), "is empty"},
		"lines":  {write("lines", testToken+"\n"+testToken, 0o600), "more than one line"},
		"long":   {write("long", strings.Repeat("x", longestSecret+1), 0o600), "no secret of Splunk's"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := ReadSecretFile(c.file)
			mustFail(t, err, c.want)
		})
	}
	if runtime.GOOS == "windows" {
		t.Skip("modes mean nothing on Windows")
	}
	for _, mode := range []os.FileMode{0o640, 0o604, 0o620, 0o644, 0o666, 0o610} {
		_, err := ReadSecretFile(write("open", testToken, mode))
		mustFail(t, err, "chmod 600", fmt.Sprintf("%04o", mode))
	}
}

func TestSecretFromEnv(t *testing.T) {
	t.Setenv("SCHTASKHUNT_TEST", "")
	if secret, err := SecretFromEnv("SCHTASKHUNT_TEST"); err != nil || !secret.IsZero() {
		t.Errorf("%v", err)
	}
	t.Setenv("SCHTASKHUNT_TEST", testToken+"\r\nX-Header: "+testToken)
	_, err := SecretFromEnv("SCHTASKHUNT_TEST")
	mustFail(t, err, "SCHTASKHUNT_TEST", "more than one line")
}
