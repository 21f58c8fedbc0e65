package evtx

// Tokens of binary XML.
const (
	tokenEnd          = 0x00
	tokenOpen         = 0x01
	tokenContent      = 0x02 // the start tag ends
	tokenEmpty        = 0x03 // the start tag ends, and the element with it
	tokenClose        = 0x04
	tokenValue        = 0x05
	tokenAttribute    = 0x06
	tokenCDATA        = 0x07
	tokenCharacter    = 0x08
	tokenEntity       = 0x09
	tokenTarget       = 0x0A // of a processing instruction
	tokenInstruction  = 0x0B // the data of one
	tokenInstance     = 0x0C
	tokenSubstitution = 0x0D
	tokenOptional     = 0x0E // a substitution, too
	tokenFragment     = 0x0F

	tokenMore = 0x40 // more of the kind follows
)

// compiler reads a stretch of binary XML into a program.
type compiler struct {
	d       *Decoder
	at, end int
	depends bool // elements state on which value they depend, as they do in templates
	out     *program
	open    []int32 // the steps that opened what is open
	inTag   bool    // a start tag is not ended yet
}

// compile reads elements from a place up to the end of the outermost, and returns the
// place behind it. What could be read before an error is in p.
func (d *Decoder) compile(p *program, at, end int, depends bool) (next int, err error) {
	c := compiler{d: d, at: at, end: end, depends: depends, out: p}
	for err == nil && c.at < end && d.chunk[c.at] != tokenEnd {
		if err = d.spend(stepCost); err == nil {
			err = c.token()
		}
		if err == nil && len(c.open) == 0 && len(p.ops) > 0 {
			break
		}
	}
	if err == nil && len(c.open) > 0 {
		err = damaged(c.at, "it ends within %.40q", p.textOf(p.ops[c.open[len(c.open)-1]]))
	}
	if fused := p.fuse(d); err == nil {
		err = fused
	}
	return c.at, err
}

func (c *compiler) token() error {
	token := c.d.chunk[c.at]
	switch at := c.at; token &^ tokenMore {
	case tokenOpen:
		return c.element(token&tokenMore != 0)
	case tokenContent, tokenEmpty, tokenClose:
		c.at++
		return c.tag(token &^ tokenMore)
	case tokenAttribute:
		return c.attribute()
	case tokenFragment:
		c.at += fragmentHeader
		return nil
	case tokenInstance:
		in, err := c.d.instance(at+1, c.end)
		c.at = in.next
		c.add(op{kind: opInstance, at: int32(at)})
		return err
	}
	return c.content(token &^ tokenMore)
}

func (c *compiler) add(o op) { c.out.ops = append(c.out.ops, o) }

func (c *compiler) addText(kind opKind, text []byte) {
	o := op{kind: kind, from: int32(len(c.out.text))}
	c.out.text = append(c.out.text, text...)
	o.to = int32(len(c.out.text))
	c.add(o)
}

const (
	fragmentHeader = 4 // the token, two numbers of the version, flags
	dependency     = 2 // u16
	elementSize    = 4 // u32
)

// element reads the start of an element. Where it should state a dependency and does not,
// or the other way round, the one that gives a name is right.
func (c *compiler) element(attributes bool) error {
	n, next, err := c.elementName(c.depends)
	if err != nil {
		if again, after, other := c.elementName(!c.depends); other == nil {
			n, next, err = again, after, nil
		}
	}
	if err != nil {
		return err
	}
	if attributes {
		next += elementSize // of the list
	}
	if len(c.open) == mostOpen {
		return damaged(c.at, "more than %d elements within each other", mostOpen)
	}
	if c.inTag {
		return damaged(c.at, "an element begins in the start tag of another")
	}
	c.at, c.inTag, c.open = next, true, append(c.open, int32(len(c.out.ops)))
	c.addText(opOpen, c.d.nameOf(n))
	return nil
}

func (c *compiler) elementName(depends bool) (n name, next int, err error) {
	at := c.at + 1 + elementSize
	if depends {
		at += dependency
	}
	return c.d.readName(at, c.end)
}

// tag reads the end of a start tag, or of an element.
func (c *compiler) tag(token byte) error {
	if len(c.open) == 0 || c.inTag == (token == tokenClose) {
		return damaged(c.at-1, "token %#02x where no tag ends", token)
	}
	c.inTag = false
	if token == tokenContent {
		c.add(op{kind: opContent})
		return nil
	}
	last := len(c.open) - 1
	opened := c.out.ops[c.open[last]]
	c.open = c.open[:last]
	c.add(op{kind: opClose, empty: token == tokenEmpty, from: opened.from, to: opened.to})
	return nil
}

func (c *compiler) attribute() error {
	if !c.inTag {
		return damaged(c.at, "an attribute outside of a start tag")
	}
	n, next, err := c.d.readName(c.at+1, c.end)
	if err != nil {
		return err
	}
	c.at = next
	c.addText(opAttribute, c.d.nameOf(n))
	return nil
}
