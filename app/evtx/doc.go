// Package evtx reads Windows event logs (.evtx): the file, its chunks of 64 KiB, the
// records in them, and the binary XML of a record. It knows nothing of what events mean.
//
// A Reader takes chunks from a stream, a Decoder takes one chunk apart. Chunks do not
// depend on each other, so that several Decoders, one a goroutine, can read one file;
// Dump does that and keeps the order. A record is given out as XML in Windows' own
// rendering (Decoder.AppendXML) or, with the values' own types, as calls of a Visitor
// (Decoder.Walk).
//
// Logs are read as they are found: a wrong checksum, a chunk that is damaged, a file that
// ends early cost a Warning and no more than what is damaged. What a chunk may make the
// decoder do and keep is bounded, whatever is in it.
//
// Source of the format: the description of the libevtx project (Windows XML Event Log
// format), and Microsoft's MS-EVEN6, section 2.2.12, for the binary XML.
package evtx
