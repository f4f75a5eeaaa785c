//! Assignments: issued, done, verified; in parts; in time.

mod alerts;
mod at_once;
mod duty;
mod figures;
mod lifecycle;
mod lists;
mod offers;
mod template;
mod tree;
mod who;
