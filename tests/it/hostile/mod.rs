//! What a submission may do to the checker, the machine and its own grade: every row of the list of threats,
//! at every level of isolation that this machine offers.
//!
//! What must hold at every level is asserted at every level; what only full isolation promises, where the report
//! says that it held. The fixtures are in `fixtures/submissions/hostile/`, each harmless without any isolation.

mod attack;
mod copies;
mod files;
mod levels;
mod limits;
mod names;
mod network;
mod start;
mod text;
mod tree;
mod wire;
