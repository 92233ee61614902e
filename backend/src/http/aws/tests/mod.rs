//! The local Athena, Glue and S3: each call as a client sends it, over a small lake of three runs.

mod clients;
mod glue;
mod objects;
mod served;
mod statements;

pub(crate) use served::Served;
