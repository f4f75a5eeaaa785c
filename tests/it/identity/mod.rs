mod anonymous;
mod codes;
mod lockout;
mod passwords;
mod second_factor;
mod sessions;
mod sign_in;
mod tokens;
