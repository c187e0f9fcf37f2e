package store

import "context"

// MigrateTo opens a database as an older program left it, for tests.
func MigrateTo(ctx context.Context, address string, version int64) error {
	s, err := dial(address)
	if err != nil {
		return err
	}
	p, err := s.provider()
	if err == nil {
		_, err = p.UpTo(ctx, version)
	}
	if e := s.Close(); err == nil {
		err = e
	}
	return err
}

// FillTexts is the migration that only databases from before it need.
var FillTexts = fillTexts
