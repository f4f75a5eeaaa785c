//! People: Party members, their exemptions, and the posts that anybody may hold.

mod account;
mod phone;
mod post;
mod record;
mod refusal;
pub mod roster;

pub use account::{Account, ContactLanguage};
pub use phone::PhoneNumber;
pub use post::{Post, PostKind, check_appointment};
pub use record::{
    BirthMonth, EducationLevel, Exemption, ExemptionKind, MemberChange, MemberStatus, NewMember, PartyMember,
    Sex,
};
pub use refusal::{MemberRefusal, PostRefusal};
