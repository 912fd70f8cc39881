//! Links that run in a circle.

use super::Load;

/// Which links lie on a circle, or between two. Where every link goes from a later day, or a later row of the
/// same day, to an earlier one, there is none.
pub(super) fn circles(load: &Load<'_>) -> Vec<usize> {
    let turn = |id: u32| (load.act(id).day, id);
    if load.links.iter().all(|l| turn(l.earlier) < turn(l.later)) {
        return Vec::new();
    }
    // Whatever nothing bears on, and whatever bears on nothing, is on no circle; take it away until nothing is left.
    let mut left = vec![true; load.links.len()];
    for down in [true, false] {
        let ends = |index: usize| {
            let link = &load.links[index];
            if down { (link.later as usize, link.earlier as usize) } else { (link.earlier as usize, link.later as usize) }
        };
        let mut degree = vec![0_u32; load.acts.len() + 1];
        let mut from: Vec<u32> = Vec::new();
        for index in (0..load.links.len()).filter(|i| left[*i]) {
            degree[ends(index).1] += 1;
            from.push(index as u32);
        }
        from.sort_by_key(|i| ends(*i as usize).0);
        let mut free: Vec<usize> = (1..degree.len()).filter(|id| degree[*id] == 0).collect();
        while let Some(id) = free.pop() {
            let begin = from.partition_point(|i| ends(*i as usize).0 < id);
            for index in from[begin..].iter().map(|i| *i as usize).take_while(|i| ends(*i).0 == id) {
                left[index] = false;
                let next = ends(index).1;
                degree[next] -= 1;
                if degree[next] == 0 {
                    free.push(next);
                }
            }
        }
    }
    (0..left.len()).filter(|i| left[*i]).collect()
}
