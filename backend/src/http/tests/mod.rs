//! The router as a caller meets it: requests in, status, headers and JSON out.

mod acting;
mod asking;
mod behind;
mod doubles;
mod fixtures;
mod reading;
mod secured;
mod served;
mod shapes;
mod shown;
pub(in crate::http) mod world;
