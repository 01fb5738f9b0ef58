-- dataset: shop
-- code: unknown_field
SELECT guesses, count(*) FROM shop GROUP BY guesses
