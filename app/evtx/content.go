package evtx

// content reads what stands in an element or an attribute.
func (c *compiler) content(token byte) error {
	switch token {
	case tokenValue:
		return c.value()
	case tokenCDATA:
		return c.text(c.at + 1)
	case tokenCharacter:
		return c.character()
	case tokenEntity:
		return c.entity()
	case tokenSubstitution, tokenOptional:
		return c.substitution(token == tokenOptional)
	case tokenTarget: // instructions are left out
		_, next, err := c.d.readName(c.at+1, c.end)
		c.at = next
		return err
	case tokenInstruction:
		return c.passText(c.at + 1)
	}
	return damaged(c.at, "token %#02x is not known", token)
}

// placed says why there can be no text here, nil when there can.
func (c *compiler) placed() error {
	if len(c.open) == 0 || c.inTag && c.out.ops[len(c.out.ops)-1].kind == opOpen {
		return damaged(c.at, "text outside of an element and an attribute")
	}
	return nil
}

// value reads a value that stands in the binary XML itself: a text, in practice.
func (c *compiler) value() error {
	if c.at+2 > c.end {
		return damaged(c.at, "a value is cut off")
	}
	kind, at := Type(c.d.chunk[c.at+1]), c.at+2
	if kind == String {
		return c.text(at)
	}
	size := sizeOf(kind)
	switch {
	case kind == ANSIString && at+2 <= c.end:
		size = int(le.Uint16(c.d.chunk[at:]))
		at += 2
	case kind == SID && at+sidHead <= c.end:
		size = sidSize(c.d.chunk[at:c.end])
	case size == 0 && kind != Null:
		return damaged(c.at, "a value of type %#02x in a template", kind)
	}
	if at+size > c.end {
		return damaged(c.at, "a value is cut off")
	}
	if err := c.placed(); err != nil {
		return err
	}
	c.addText(opText, Value{kind: kind, data: c.d.chunk[at : at+size]}.Append(nil))
	c.at = at + size
	return nil
}

// text reads a text with its length before it.
func (c *compiler) text(at int) error {
	if err := c.placed(); err != nil {
		return err
	}
	from := at + 2
	if err := c.passText(at); err != nil {
		return err
	}
	o := op{kind: opText, from: int32(len(c.out.text))}
	c.out.text = appendUTF16(c.out.text, c.d.chunk[from:c.at], &plain)
	o.to = int32(len(c.out.text))
	c.add(o)
	return c.d.spend(c.at - from)
}

func (c *compiler) passText(at int) error {
	if at+2 > c.end {
		return damaged(at, "a text is cut off")
	}
	next := at + 2 + 2*int(le.Uint16(c.d.chunk[at:]))
	if next > c.end {
		return damaged(at, "a text of %d bytes is cut off", next-at-2)
	}
	c.at = next
	return nil
}

func (c *compiler) character() error {
	if c.at+3 > c.end {
		return damaged(c.at, "a character is cut off")
	}
	if err := c.placed(); err != nil {
		return err
	}
	c.addText(opText, appendUTF16(nil, c.d.chunk[c.at+1:c.at+3], &plain))
	c.at += 3
	return nil
}

// xmlEntities are the five that XML knows.
var xmlEntities = map[string]string{"amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'"}

// entity reads an entity by its name. One that XML does not know stays as it is written.
func (c *compiler) entity() error {
	if err := c.placed(); err != nil {
		return err
	}
	n, next, err := c.d.readName(c.at+1, c.end)
	if err != nil {
		return err
	}
	c.at = next
	text, known := xmlEntities[string(c.d.nameOf(n))]
	if !known {
		text = "&" + string(c.d.nameOf(n)) + ";"
	}
	c.addText(opText, []byte(text))
	return nil
}

func (c *compiler) substitution(optional bool) error {
	if c.at+4 > c.end {
		return damaged(c.at, "a substitution is cut off")
	}
	if err := c.placed(); err != nil {
		return err
	}
	c.add(op{kind: opSubstitute, optional: optional, index: le.Uint16(c.d.chunk[c.at+1:])})
	c.at += 4
	return nil
}
