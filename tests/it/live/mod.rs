pub mod follow;
mod handing_on;
mod home;
mod in_order;
pub mod inbox;
mod queued;
mod queued_work;
mod replicas;
mod subscribe;
