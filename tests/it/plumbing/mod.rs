mod forgetting;
mod outage;
mod pool;
mod queries;
mod readiness;
