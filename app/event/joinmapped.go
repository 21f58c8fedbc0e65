package event

// adoptNames gives the events that mappers read the name of the device that others know the
// machine by: where one of the two names is the short one of the other, and there is only one
// of each.
func (s *Store) adoptNames() {
	own, mapped := make(map[string][]Source), make(map[string][]Source)
	seen := make(map[Source]bool)
	s.each(func(source *Source, _ *Ref) {
		all := own
		if source.Mapper != 0 {
			all = mapped
		}
		name := Source{Device: source.Device, Audit: source.Mapper != 0}
		if seen[name] {
			return
		}
		seen[name] = true
		short := string(ShortName(s.Symbols.Bytes(source.Device)))
		all[short] = append(all[short], *source)
	})
	s.each(func(source *Source, _ *Ref) {
		short := ShortName(s.Symbols.Bytes(source.Device))
		theirs := own[string(short)]
		if source.Mapper == 0 || len(theirs) != 1 || len(mapped[string(short)]) != 1 {
			return
		}
		if s.isShort(source.Device) || s.isShort(theirs[0].Device) {
			source.Device, source.DeviceName = theirs[0].Device, theirs[0].DeviceName
		}
	})
}
