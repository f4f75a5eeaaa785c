mod audit;
mod import;
mod journey;
mod members;
mod posts;
mod rules;
mod units;
