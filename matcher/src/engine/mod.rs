//! The pure engine: gates, scores, the global assignment, explanations, rounds.
