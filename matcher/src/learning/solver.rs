//! A small minimizer for smooth functions of a dozen parameters: Newton's steps, damped until they improve
//! (Levenberg, 1944; Marquardt, 1963). It is deterministic: no random start, no threads.

/// A square matrix.
pub(super) type Square<const N: usize> = [[f64; N]; N];

/// What is minimised.
pub(super) trait Problem<const N: usize> {
    /// The function.
    fn value(&self, at: &[f64; N]) -> f64;
    /// Its gradient and a curvature that is positive definite.
    fn slopes(&self, at: &[f64; N]) -> ([f64; N], Square<N>);
}

/// Where the search ended.
#[derive(Debug, Clone, Copy)]
pub(super) struct Solution<const N: usize> {
    pub(super) at: [f64; N],
    /// Whether nothing is left to gain; otherwise the steps ran out.
    pub(super) is_minimum: bool,
    pub(super) steps: u32,
    /// Diagonal of the inverse curvature: the variance of each parameter, if the curvature is the information.
    pub(super) variances: [f64; N],
}

/// Most steps; a dozen is usual.
const MOST_STEPS: u32 = 200;
/// What a full step could still gain, relative to the value, below which nothing is left to gain (Newton's decrement, as in
/// Boyd and Vandenberghe, Convex Optimization, 9.5.1).
const NOTHING: f64 = 1e-10;

/// Goes downhill from `start` until nothing is left to gain.
pub(super) fn minimise<const N: usize>(problem: &impl Problem<N>, start: [f64; N]) -> Solution<N> {
    let mut at = start;
    let mut value = problem.value(&at);
    let mut damping = 1e-3;
    let mut steps = 0;
    let (mut gradient, mut curvature) = problem.slopes(&at);
    let is_minimum = loop {
        if gain(&curvature, &gradient).is_some_and(|gain| gain <= NOTHING * (1.0 + value.abs())) {
            break true;
        }
        if steps == MOST_STEPS {
            break false;
        }
        steps += 1;
        let step = factorize(&damped(&curvature, damping)).map(|lower| solve(&lower, &gradient));
        let tried = step.map(|step| {
            let mut moved = at;
            for (to, by) in moved.iter_mut().zip(step) {
                *to -= by;
            }
            (moved, problem.value(&moved))
        });
        match tried {
            Some((moved, lower)) if lower <= value => {
                (at, value) = (moved, lower);
                damping = (damping / 10.0).max(1e-12);
                (gradient, curvature) = problem.slopes(&at);
            }
            _ => damping *= 10.0,
        }
    };
    Solution {
        at,
        is_minimum,
        steps,
        variances: variances(&curvature),
    }
}

/// Half the square of Newton's decrement: what a full step would gain if the curvature held.
fn gain<const N: usize>(curvature: &Square<N>, gradient: &[f64; N]) -> Option<f64> {
    let step = solve(&factorize(curvature)?, gradient);
    let along: f64 = step
        .iter()
        .zip(gradient)
        .map(|(by, slope)| by * slope)
        .sum();
    Some(along / 2.0)
}

fn damped<const N: usize>(curvature: &Square<N>, damping: f64) -> Square<N> {
    let mut damped = *curvature;
    for (place, row) in damped.iter_mut().enumerate() {
        if let Some(diagonal) = row.get_mut(place) {
            *diagonal *= 1.0 + damping;
        }
    }
    damped
}

/// Cholesky's lower triangle; `None` when the matrix is not positive definite.
#[expect(clippy::indexing_slicing, reason = "a small kernel over square arrays")]
fn factorize<const N: usize>(matrix: &Square<N>) -> Option<Square<N>> {
    let mut lower = [[0.0; N]; N];
    for (row, given) in matrix.iter().enumerate() {
        for column in 0..=row {
            let known: f64 = (0..column)
                .map(|at| lower[row][at] * lower[column][at])
                .sum();
            let rest = given[column] - known;
            if row == column {
                if rest.is_nan() || rest <= 0.0 {
                    return None;
                }
                lower[row][row] = rest.sqrt();
            } else {
                lower[row][column] = rest / lower[column][column];
            }
        }
    }
    Some(lower)
}

/// Solves `lower × lowerᵀ × x = right`.
#[expect(clippy::indexing_slicing, reason = "a small kernel over square arrays")]
fn solve<const N: usize>(lower: &Square<N>, right: &[f64; N]) -> [f64; N] {
    let mut solution = *right;
    for (row, factors) in lower.iter().enumerate() {
        let known: f64 = (0..row).map(|at| factors[at] * solution[at]).sum();
        solution[row] = (solution[row] - known) / factors[row];
    }
    for row in (0..N).rev() {
        let known: f64 = (row + 1..N).map(|at| lower[at][row] * solution[at]).sum();
        solution[row] = (solution[row] - known) / lower[row][row];
    }
    solution
}

/// Infinite where the curvature has no inverse.
#[expect(clippy::indexing_slicing, reason = "a small kernel over square arrays")]
fn variances<const N: usize>(curvature: &Square<N>) -> [f64; N] {
    let mut variances = [f64::INFINITY; N];
    if let Some(lower) = factorize(curvature) {
        for (place, variance) in variances.iter_mut().enumerate() {
            let mut unit = [0.0; N];
            unit[place] = 1.0;
            *variance = solve(&lower, &unit)[place];
        }
    }
    variances
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A parabola with a known minimum.
    struct Bowl;

    impl Problem<2> for Bowl {
        fn value(&self, [x, y]: &[f64; 2]) -> f64 {
            2.0 * (x - 3.0).powi(2) + (x - 3.0) * (y + 1.0) + (y + 1.0).powi(2)
        }

        fn slopes(&self, [x, y]: &[f64; 2]) -> ([f64; 2], Square<2>) {
            let gradient = [4.0 * (x - 3.0) + (y + 1.0), (x - 3.0) + 2.0 * (y + 1.0)];
            (gradient, [[4.0, 1.0], [1.0, 2.0]])
        }
    }

    #[test]
    fn a_parabola_is_solved_with_its_inverse_curvature() {
        let found = minimise(&Bowl, [40.0, -60.0]);
        assert!(found.is_minimum && found.steps < 20, "{found:?}");
        for (found, expected) in found.at.iter().zip([3.0, -1.0]) {
            assert!((found - expected).abs() < 1e-4);
        }
        // The inverse of [[4, 1], [1, 2]] is [[2, −1], [−1, 4]] ÷ 7.
        for (found, expected) in found.variances.iter().zip([2.0 / 7.0, 4.0 / 7.0]) {
            assert!((found - expected).abs() < 1e-12);
        }
    }

    #[test]
    fn a_matrix_that_is_not_positive_definite_has_no_factor() {
        assert!(factorize(&[[1.0, 2.0], [2.0, 1.0]]).is_none());
        assert!(factorize(&[[f64::NAN, 0.0], [0.0, 1.0]]).is_none());
    }
}
