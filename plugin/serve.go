package plugin

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/hashicorp/go-hclog"
	goplugin "github.com/hashicorp/go-plugin"
	"google.golang.org/grpc"

	"github.com/schtaskhunt/schtaskhunt/plugin/internal/wire"
	pluginv1 "github.com/schtaskhunt/schtaskhunt/plugin/proto/v1"
)

// Serve runs a plugin program; it never returns. main calls it and nothing else. p
// implements Mapper, RowMapper or Enricher, or Mapper and Enricher, and Configurer
// where it has settings. Serve panics when p implements none of them or info has no
// name.
//
// Standard input is not the plugin's: Serve takes it, since its end means that the
// host is gone, and ends the program then. What the plugin writes to standard output
// and standard error goes to the host's log, within limits.
func Serve(info Info, p any) {
	s := newServer(info, p)
	if os.Getenv(wire.CookieKey) != wire.CookieValue {
		fmt.Fprintf(os.Stderr, "%s %s is a plugin of schtaskhunt, which starts it: put it into the app's plugin folder and name it in schtaskhunt_plugins.conf\n", info.Name, info.Version)
		os.Exit(2)
	}
	go endWith(takeStdin())
	goplugin.Serve(&goplugin.ServeConfig{
		HandshakeConfig: wire.Handshake,
		Plugins:         goplugin.PluginSet{wire.Service: service{server: s}},
		GRPCServer:      newGRPCServer,
		// Its chatter would use up the little log that a plugin has.
		Logger: hclog.New(&hclog.LoggerOptions{Level: hclog.Error, Output: os.Stderr, JSONFormat: true}),
	})
	os.Exit(0)
}

// takeStdin gives the plugin's code an empty standard input and returns the real one.
func takeStdin() *os.File {
	stdin := os.Stdin
	if null, err := os.Open(os.DevNull); err == nil {
		os.Stdin = null
	}
	return stdin
}

// endWith ends the program when stdin ends. The host holds the other end of the pipe
// and never writes: however it dies, the system closes it.
func endWith(stdin *os.File) {
	_, _ = io.Copy(io.Discard, stdin)
	os.Exit(0)
}

func newGRPCServer(options []grpc.ServerOption) *grpc.Server {
	return grpc.NewServer(append(options, grpc.MaxRecvMsgSize(wire.MaxMessage))...)
}

// service is what go-plugin wants to serve a server.
type service struct {
	goplugin.NetRPCUnsupportedPlugin
	server *server
}

// GRPCServer registers the server.
func (s service) GRPCServer(_ *goplugin.GRPCBroker, g *grpc.Server) error {
	pluginv1.RegisterPluginServer(g, s.server)
	return nil
}

// GRPCClient is the host's half, of which a plugin has no use.
func (service) GRPCClient(context.Context, *goplugin.GRPCBroker, *grpc.ClientConn) (any, error) {
	return nil, errors.New("a plugin is no host")
}
