// Package answer is the engine: pure functions that turn a question and what is
// known about a party into a proposal with its reasons.
//
// A question is walked to every reference that stands for it (reach), the
// profile is asked who speaks to one of these references (view), evidence says
// how well (standing), providers and customers have their share, and only then
// is a value decided (decide) and put into words (prose). A question that continues
// in several is answered piece by piece (ground): each piece keeps its criteria, its
// parts and its providers, and the worst of them counts.
//
// What hangs on a control alone (the questions before version 4), or on an
// identifier whose text was changed, is answered only where the row's own words
// confirm it (confirm): search hears them ask a question of a control that the
// chain leads to, and the answer is that question's, partial at most. Not
// applicable carries over neither. Nothing is guessed:
// where the chain ends, the proposal is blank and says what would answer it.
package answer
