-- dataset: shop
-- code: unknown_field
-- fragment: guessed
SELECT count(*) FROM shop WHERE guessed = 'x'
