//! The dashboard's program, as the page loads it.

fn main() {
    frontend::start();
}
