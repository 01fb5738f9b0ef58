-- dataset: shop
-- code: field_not_allowed
-- fragment: qty
SELECT qty, count(*) FROM shop GROUP BY qty
