//! Who leads to himself: the cycles of a graph, found without recursion.

use std::collections::{HashMap, VecDeque};

/// The strongly connected components of a graph; `edges[node]` are the nodes it leads to. A component comes after all it leads to.
pub(super) fn components(edges: &[Vec<usize>]) -> Vec<Vec<usize>> {
    // Tarjan's algorithm, its call stack kept in `path`.
    const UNSEEN: usize = usize::MAX;
    let mut order = vec![UNSEEN; edges.len()];
    let mut low = vec![0; edges.len()];
    let mut on_stack = vec![false; edges.len()];
    let (mut stack, mut found, mut count) = (Vec::new(), Vec::new(), 0);
    for root in 0..edges.len() {
        if order[root] != UNSEEN {
            continue;
        }
        let mut path = vec![(root, 0)];
        while let Some((node, next)) = path.pop() {
            if next == 0 {
                (order[node], low[node]) = (count, count);
                count += 1;
                stack.push(node);
                on_stack[node] = true;
            }
            if let Some(&other) = edges[node].get(next) {
                path.push((node, next + 1));
                if other >= edges.len() {
                    continue;
                }
                if order[other] == UNSEEN {
                    path.push((other, 0));
                } else if on_stack[other] {
                    low[node] = low[node].min(order[other]);
                }
                continue;
            }
            if let Some(&(parent, _)) = path.last() {
                low[parent] = low[parent].min(low[node]);
            }
            if low[node] == order[node] {
                let mut component = Vec::new();
                while let Some(member) = stack.pop() {
                    on_stack[member] = false;
                    component.push(member);
                    if member == node {
                        break;
                    }
                }
                component.sort_unstable();
                found.push(component);
            }
        }
    }
    found
}

/// Whether the component is a cycle: more than one node, or one that leads to itself.
pub(super) fn is_cycle(component: &[usize], edges: &[Vec<usize>]) -> bool {
    match component {
        [node] => edges.get(*node).is_some_and(|to| to.contains(node)),
        _ => true,
    }
}

/// The cycles only.
pub(super) fn cycles(edges: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let mut found = components(edges);
    found.retain(|component| is_cycle(component, edges));
    found
}

/// A way from a node of a cycle back to it, along the cycle: the nodes in their order, the first one not repeated.
pub(super) fn way_round(cycle: &[usize], edges: &[Vec<usize>]) -> Vec<usize> {
    let Some(&first) = cycle.first() else {
        return Vec::new();
    };
    // The shortest way, by breadth.
    let mut before = HashMap::new();
    let mut queue = VecDeque::from([first]);
    while let Some(node) = queue.pop_front() {
        for &other in edges.get(node).into_iter().flatten() {
            if other == first {
                let mut way = vec![node];
                let mut at = node;
                while let Some(&previous) = before.get(&at) {
                    way.push(previous);
                    at = previous;
                }
                way.reverse();
                return way;
            }
            if cycle.binary_search(&other).is_ok() && !before.contains_key(&other) {
                before.insert(other, node);
                queue.push_back(other);
            }
        }
    }
    vec![first]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn components_come_after_what_they_lead_to() {
        let edges = vec![
            vec![1],
            vec![2, 3],
            vec![0],
            vec![4],
            vec![],
            vec![5],
            vec![0],
        ];
        assert_eq!(
            components(&edges),
            [vec![4], vec![3], vec![0, 1, 2], vec![5], vec![6]]
        );
        assert_eq!(cycles(&edges), [vec![0, 1, 2], vec![5]]);
        assert_eq!(way_round(&[0, 1, 2], &edges), [0, 1, 2]);
        assert_eq!(way_round(&[5], &edges), [5]);
    }

    #[test]
    fn a_long_chain_takes_no_stack() {
        let length = 100_000;
        let edges: Vec<_> = (0..length).map(|node| vec![(node + 1) % length]).collect();
        assert_eq!(cycles(&edges).len(), 1);
        assert_eq!(way_round(&cycles(&edges)[0], &edges).len(), length);
    }
}
