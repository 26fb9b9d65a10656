//! What is said by mail, and how it is sent.
