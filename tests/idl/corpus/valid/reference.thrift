struct Tree { 1: optional Tree & left, 2: optional Tree &right }
