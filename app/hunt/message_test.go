package hunt

import (
	"reflect"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/account"
)

// No counter is forgotten, nor taken for another.
func TestDroppedAddsEveryCounter(t *testing.T) {
	var one dropped
	for i := range reflect.TypeFor[dropped]().NumField() {
		reflect.ValueOf(&one).Elem().Field(i).SetInt(1 << i)
	}
	fast, slow := one, one
	fast.add(one)
	account.Add(&slow, one)
	if fast != slow {
		t.Fatalf("%+v, want %+v", fast, slow)
	}
}
