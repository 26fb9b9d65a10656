//! Random numbers: `SplitMix64` (Steele, Lea, Flood, 2014), and the ways in which the workload draws from it.

/// What is drawn.
#[derive(Clone, Copy)]
pub(crate) enum Kind {
    /// A volunteer.
    Volunteer = 1,
    /// A role.
    Role = 2,
}

/// A stream of random numbers for one entity.
pub(crate) struct Draw(u64);

impl Draw {
    pub(crate) fn of(seed: u64, kind: Kind, number: usize) -> Self {
        let mut draw = Self((seed << 40) ^ ((kind as u64) << 36) ^ number as u64);
        // Neighbouring numbers begin near each other; the first outputs part them.
        draw.next();
        Self(draw.next())
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// From 0.0 up to but without 1.0.
    #[allow(clippy::cast_precision_loss, reason = "53 bits are exact")]
    pub(crate) fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    pub(crate) fn is(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    pub(crate) fn below(&mut self, limit: usize) -> usize {
        scaled(self.unit(), limit)
    }

    /// The product of two units, scaled: small numbers are the likelier ones.
    pub(crate) fn small(&mut self, limit: usize) -> usize {
        scaled(self.unit() * self.unit(), limit)
    }

    pub(crate) fn choose<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())]
    }

    /// A position by cumulative weights.
    pub(crate) fn pick(&mut self, cumulative: &[f64]) -> usize {
        let drawn = self.unit();
        let found = cumulative.partition_point(|reached| *reached <= drawn);
        found.min(cumulative.len() - 1)
    }
}

#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "below the limit, which is small"
)]
fn scaled(unit: f64, limit: usize) -> usize {
    (unit * limit as f64) as usize
}

/// The cumulative weights of Zipf's law.
#[allow(clippy::cast_precision_loss, reason = "few entries")]
pub(crate) fn zipf(count: usize, exponent: f64) -> Vec<f64> {
    cumulative((1..=count).map(|rank| 1.0 / (rank as f64).powf(exponent)))
}

pub(crate) fn cumulative(weights: impl Iterator<Item = f64>) -> Vec<f64> {
    let weights: Vec<f64> = weights.collect();
    let total: f64 = weights.iter().sum();
    weights
        .iter()
        .scan(0.0, |reached, weight| {
            *reached += weight / total;
            Some(*reached)
        })
        .collect()
}
