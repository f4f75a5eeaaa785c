//! What must hold when something goes wrong in the middle.

mod clocks;
mod deaf;
mod killed;
