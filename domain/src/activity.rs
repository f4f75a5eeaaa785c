//! Gatherings.
