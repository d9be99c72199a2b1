"""The law's rules as pure checks, a module for each subject. No number stands here: each comes from a dated row."""
