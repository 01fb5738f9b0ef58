-- dataset: days
-- code: join_not_on_subject
SELECT count(*) FROM days a JOIN days b USING ("user")
