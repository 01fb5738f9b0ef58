-- dataset: shop
-- code: unknown_field
SELECT guessed, count(*) FROM shop GROUP BY guessed
