-- dataset: shop
-- code: unknown_field
-- fragment: b.guessed
SELECT count(*) FROM shop a JOIN visits b USING ("user") WHERE b.guessed = 'x'
