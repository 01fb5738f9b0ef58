-- dataset: shop
-- code: field_not_allowed
SELECT S."USER", count(*) FROM shop s GROUP BY 1
