//! Circles on the sphere, and how they were asked for.

use std::ops::Deref;
use std::sync::Arc;

use crate::value::Point;

/// A circle on the sphere: inside is whoever's squared chord to the centre is at most `chord2`
/// (10⁻¹⁸ of the squared earth radius, R = 6371.0088 km).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Circle {
    pub center: Point,
    pub chord2: i64,
}

impl Circle {
    /// Draws a circle of that radius in metres around a point, its end included.
    pub fn around(center: Point, metres: u32) -> Circle {
        Circle { center, chord2: place::point::chord2_of_km(f64::from(metres) / 1000.0) }
    }

    /// Tells whether the point lies inside or on the circle.
    pub fn contains(self, point: Point) -> bool {
        self.center.chord2(point) <= self.chord2
    }
}

/// The middle of a circle as it was written.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Middle {
    Postcode {
        country: Box<str>,
        postcode: Box<str>,
    },
    /// Degrees in 10⁻⁷, about a centimetre.
    Degrees {
        latitude_e7: i32,
        longitude_e7: i32,
    },
}

/// A circle as it was written: `{"country": "DE", "postcode": "80331", "km": 50}`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Around {
    pub middle: Middle,
    pub metres: u32,
}

/// The circles of one criterion. Reads as a slice of [`Circle`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Circles {
    circles: Arc<[Circle]>,
    written: Arc<[Around]>,
}

impl Circles {
    /// Joins each circle with how it was written, sorted by that and each once.
    pub fn new(mut circles: Vec<(Around, Circle)>) -> Circles {
        circles.sort_by(|a, b| a.0.cmp(&b.0));
        circles.dedup_by(|a, b| a.0 == b.0);
        let (written, circles): (Vec<_>, Vec<_>) = circles.into_iter().unzip();
        Circles { circles: circles.into(), written: written.into() }
    }

    /// The one circle at a place of the slice.
    pub fn only(&self, index: usize) -> Circles {
        Circles { circles: Arc::new([self.circles[index]]), written: Arc::new([self.written[index].clone()]) }
    }

    /// The circles as they were written, in the order of the slice.
    pub fn written(&self) -> &[Around] {
        &self.written
    }
}

impl Deref for Circles {
    type Target = [Circle];

    fn deref(&self) -> &[Circle] {
        &self.circles
    }
}
