package record

import "testing"

func TestNamesAreCaseSensitiveAndHaveOneSlotEach(t *testing.T) {
	n := NewNames("ProcessId", "ProcessID", "ProcessId")
	if n.Len() != 2 || n.Slot("ProcessId") == n.Slot("ProcessID") {
		t.Errorf("%d slots, ProcessId %d, ProcessID %d", n.Len(), n.Slot("ProcessId"), n.Slot("ProcessID"))
	}
	if n.Slot("processid") != NoSlot || n.SlotOf([]byte("x")) != NoSlot {
		t.Error("an unknown name has a slot")
	}
}

func TestRecordKeepsTheFirstValueUntilReset(t *testing.T) {
	n := NewNames("a", "b")
	rec := New(n)
	rec.Set(n.Slot("a"), nil)
	rec.Set(n.Slot("a"), []byte("1"))
	rec.Set(n.Slot("a"), []byte("2"))
	rec.Set(NoSlot, []byte("3"))
	checkFields(t, fields(rec), map[string]string{"a": "1"})
	rec.Reset()
	checkFields(t, fields(rec), nil)
	if rec.Get(n.Slot("a")) != nil || rec.Get(NoSlot) != nil {
		t.Error("a value outlived Reset")
	}
}

func TestScratchGrowthKeepsEarlierCopies(t *testing.T) {
	rec := New(NewNames())
	first := rec.keep([]byte("first"))
	for range 1000 {
		rec.keep([]byte("and many more, so that the memory moves"))
	}
	if string(first) != "first" {
		t.Errorf("the first copy became %q", first)
	}
}
