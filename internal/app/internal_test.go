package app

// Seal is what a use case does to its events before they are appended, for tests
// that write rows by themselves.
var Seal = seal
