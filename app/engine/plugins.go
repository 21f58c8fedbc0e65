package engine

import (
	"errors"

	"github.com/schtaskhunt/schtaskhunt/app/command"
	"github.com/schtaskhunt/schtaskhunt/app/plugins"
)

// FindPlugins finds the plugins that are installed. It is called only when the options
// name any.
type FindPlugins func() (plugins.Installed, error)

// OpenPlugins opens the plugins that the options name, as far as they are needed to
// know what fields the events have: nil when the options name none. A name that is not
// installed is a *command.UsageError; a plugin that fails is not an error but a
// warning of the run's. The caller must Close what comes back, or give it to StartWith.
func OpenPlugins(o command.Options, find FindPlugins) (*plugins.Opened, error) {
	if !o.NeedsPlugins() {
		return nil, nil
	}
	if find == nil {
		return nil, errors.New("plugins cannot be used here")
	}
	installed, err := find()
	if err != nil {
		return nil, err
	}
	if err := o.CheckPlugins(installed.Names()); err != nil {
		return nil, err
	}
	return installed.Open(o.Mapper), nil
}
