mod forgetting;
mod hostile;
mod outage;
mod pool;
mod queries;
mod readiness;
