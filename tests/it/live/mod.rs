pub mod follow;
mod handing_on;
mod home;
pub mod inbox;
mod queued;
mod queued_work;
mod replicas;
