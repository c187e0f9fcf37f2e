// Package store keeps what the service knows in SQLite or PostgreSQL, by one SQL
// text for both. Each file holds one noun; storetest says what both engines
// promise, and app.Store what callers may rely on.
//
// It knows the domain and nothing else of this program: no use cases, no rules
// about who may do what. What it does enforce are the promises that must hold
// whoever calls: no event, no change; nobody approves a text of their own; an id
// of one workspace is never stored in another; the trail is only added to.
package store
