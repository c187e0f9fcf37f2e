// Package web is the HTTP side of the service: the JSON API under /api/v1, its
// OpenAPI document, health checks and the stream of changes. It turns requests
// into calls of package app and errors into problem documents (RFC 9457); it
// decides nothing about who may do what, and knows no SQL and no spreadsheets.
package web
