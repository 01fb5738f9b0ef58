-- dataset: shop
-- code: distinct_rows
-- fragment: sum(DISTINCT qty)
SELECT sum(DISTINCT qty) FROM shop
