//! Staging as a whole: answers in, observations and refusals out.
