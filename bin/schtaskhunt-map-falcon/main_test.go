package main

import (
	"context"
	"reflect"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/plugin/falcon"
	"github.com/schtaskhunt/schtaskhunt/plugin/host"
	"github.com/schtaskhunt/schtaskhunt/plugin/plugintest"
)

// The program holds to what a host expects of every mapper, and its mapping comes over
// unchanged.
func TestMapper(t *testing.T) {
	program := plugintest.Build(t, ".")
	plugintest.Mapper(t, program, nil, nil)
	got, err := plugintest.Open(t, program, host.KindMapper, nil).Mapping(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	want, err := falcon.Mapper{}.Mapping(context.Background())
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v\nwant %+v, error %v", got, want, err)
	}
}
