mod follow;
mod handing_on;
mod home;
mod inbox;
mod queued;
mod queued_work;
mod replicas;
