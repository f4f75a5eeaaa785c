mod outage;
mod queries;
