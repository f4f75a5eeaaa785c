mod outage;
mod queries;
mod readiness;
