interface Props<Id extends string> {
  label: string;
  value: Id;
  options: readonly Id[];
  choose: (id: Id) => void;
  name?: (id: Id) => string;
}

/** A list to choose from, with its name above it. */
export function Choice<Id extends string>({ label, value, options, choose, name = (id) => id }: Props<Id>) {
  return (
    <label class="choice">
      {label}
      <select
        value={value}
        onChange={(event) => {
          const chosen = options.find((id) => id === event.currentTarget.value);
          if (chosen !== undefined) choose(chosen);
        }}
      >
        {options.map((id) => (
          <option key={id} value={id}>
            {name(id)}
          </option>
        ))}
      </select>
    </label>
  );
}
