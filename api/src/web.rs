//! Pages that the server itself shows.

pub mod graphiql;
pub mod redoc;
