-- dataset: shop
-- code: grouping_sets
SELECT action, count(*) FROM shop GROUP BY GROUPING SETS ((action), ())
